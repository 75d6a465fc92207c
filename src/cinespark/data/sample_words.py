"""The words of which a sample makes titles, genres, occupations and tags."""

GENRES = (
    "Drama|Comedy|Thriller|Romance|Action|Crime|Adventure|Horror|Sci-Fi|Fantasy|"
    "Children|Mystery|Animation|Documentary|War|Musical|Western|Film-Noir"
)
ADJECTIVES = (
    "Silent|Golden|Broken|Hidden|Crimson|Distant|Electric|Frozen|Last|Little|Lonely|"
    "Midnight|Paper|Perfect|Quiet|Restless|Second|Secret|Strange|Sweet|Velvet|Wild|"
    "Winter|Wooden"
)
NOUNS = (
    "River|Garden|Station|Harbor|Letter|Mirror|Mountain|Orchard|Promise|Road|Shadow|"
    "Summer|Teacher|Train|Violin|Voyage|Window|Witness|Bridge|Carnival|Detective|"
    "Dream|Island|Kingdom"
)
OCCUPATIONS = (
    "student|educator|administrator|engineer|programmer|librarian|writer|executive|"
    "scientist|artist|technician|healthcare|retired|other"
)
TAGS = (
    "slow burn|great soundtrack|must see|twist ending|beautifully filmed|family|"
    "dark humor|based on a book|overlong|rewatchable|strong cast|surreal"
)

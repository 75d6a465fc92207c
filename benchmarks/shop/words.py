"""The words of which a shop makes titles, categories and ids."""

# a category, and the nouns of its items
CATEGORIES = {
    "Kitchen": ("Pan", "Mug", "Bread knife", "Tea towel", "Kettle"),
    "Garden": ("Planter", "Watering can", "Rake", "Bird table", "Hose reel"),
    "Lighting": ("Floor lamp", "Desk lamp", "Lantern", "Lampshade", "String lights"),
    "Bedding": ("Duvet cover", "Pillow", "Blanket", "Fitted sheet", "Throw"),
    "Toys": ("Wooden train", "Puzzle", "Kite", "Doll", "Marble run"),
    "Stationery": ("Notebook", "Fountain pen", "Calendar", "Pencil case", "Envelopes"),
    "Sports": ("Yoga mat", "Skipping rope", "Water bottle", "Dumbbell", "Ball pump"),
    "Bags": ("Backpack", "Tote bag", "Satchel", "Wash bag", "Suitcase"),
    "Shoes": ("Trainers", "Sandals", "Ankle boots", "Slippers", "Loafers"),
    "Jewellery": ("Earrings", "Necklace", "Bracelet", "Ring", "Brooch"),
    "Electronics": ("Headphones", "Power bank", "Radio", "Alarm clock", "USB cable"),
    "Pets": ("Dog lead", "Cat bed", "Food bowl", "Scratching post", "Bird feeder"),
}
# what some items are filed under besides
SHELVES = ("Gifts", "Outdoor", "New in", "Handmade")
ADJECTIVES = (
    "Classic",
    "Nordic",
    "Foldable",
    "Everyday",
    "Vintage",
    "Little",
    "Soft",
    "Recycled",
    "Café",
    "Travel",
    "Striped",
    "Premium",
)
COLOURS = ("blue", "red", "green", "black", "white", "sand", "plum", "ochre")
# some have what a reader of CSV must get right: commas, inches, a slash
SIZES = ("", "", "", "", ", small", ", set of 3", ' 12" x 16"', " 0.5 l", " (2 pcs)")
# no I, L, O and U, which are misread
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

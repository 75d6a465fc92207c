"""Learning predictors and rankers from tables."""

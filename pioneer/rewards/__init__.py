"""积分存折 Rewards: a currency beside the score, with its books, cards, shops, merchants and money."""

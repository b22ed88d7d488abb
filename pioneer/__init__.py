"""先锋指数 Pioneer Index: a points scheme for grassroots Party branches."""

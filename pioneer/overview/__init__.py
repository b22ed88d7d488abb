"""总览 Overview: read-only queries across stations, for townships and the district."""

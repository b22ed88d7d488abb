"""积分办法 Rulebook: adopted versions, frozen."""

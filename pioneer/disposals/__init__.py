"""组织处置 Disposals: the proposal of "unqualified", and the case after two cycles below, step by step."""

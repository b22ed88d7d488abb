"""演示 An invented district, filled in bulk: nobody in it exists. The same every time for the same day."""

raise ValueError("thrown at the top level")

"""Who works here: staff, departments, what each may do, and how they prove who they are."""

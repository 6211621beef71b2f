"""Session Manager's far side: the sessions of a world, and SSM Agent's end of a data channel."""

"""What people must know before they come, and what they are told on the way. It observes; nobody below imports it."""

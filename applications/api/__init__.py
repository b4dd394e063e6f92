"""The API: the same forms, services and sentences as the pages, for the app, the mini-program and other systems."""

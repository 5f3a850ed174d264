"""One community's program: people, matching, requests and mentorships."""

"""Letters on their way out: composed in the reader's language, sent by SMTP or laid into a folder."""

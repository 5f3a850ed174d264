"""How well a mentor suits a mentee: hard rules, weighted criteria, points. Nothing is assigned here: people decide."""

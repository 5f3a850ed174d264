"""The routes of the JSON API, a module a resource. Each translates: parse, call one verb, answer."""

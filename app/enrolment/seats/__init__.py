"""A session's list of people and each one's enrolment: seats given, given up, confirmed."""

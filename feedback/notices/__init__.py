"""What members of staff are told of answers, by mail."""

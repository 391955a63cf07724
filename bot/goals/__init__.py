"""Setting goals, where people meet it: the command, the form, the messages."""

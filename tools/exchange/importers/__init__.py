"""From other people's files to resources: one folder a format would be too many for one."""

"""Progress: how a month goes, and snapshots of it."""

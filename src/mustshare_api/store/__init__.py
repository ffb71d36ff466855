"""PostgreSQL: what is kept, in SQL literals, one file an aggregate."""

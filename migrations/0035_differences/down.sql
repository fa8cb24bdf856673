DROP TABLE differences

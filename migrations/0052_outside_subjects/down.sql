DROP TABLE outside_subjects

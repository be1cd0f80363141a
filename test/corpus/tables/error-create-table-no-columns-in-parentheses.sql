-- Parentheses want a column.
CREATE TABLE t () WITH ('connector' = 'datagen');

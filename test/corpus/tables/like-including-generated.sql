-- EXCLUDING ALL with one exception.
CREATE TABLE base (a INT, c AS a * 2, d AS a * 3) WITH ('connector' = 'datagen');
CREATE TABLE t (c AS a * 5) LIKE base (EXCLUDING ALL OVERWRITING GENERATED INCLUDING OPTIONS);
SHOW CREATE TABLE t;

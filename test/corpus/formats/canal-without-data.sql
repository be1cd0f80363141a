-- An INSERT of canal needs its rows.
CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'path' = '${DATA}/no_data.canal', 'format' = 'canal-json');
SELECT id FROM t;

-- Fields of nested rows alone, of several parquet files in partitions.
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE parts (id INT, r ROW<x INT, y ROW<z STRING, w ARRAY<INT>>>, p STRING) PARTITIONED BY (p)
  WITH ('connector' = 'filesystem', 'path' = '${TMP}/formats/parquet-fields-of-rows', 'format' = 'parquet');
INSERT OVERWRITE parts SELECT id, ROW(id * 2, ROW(name, ARRAY[id, id + 1])), name FROM (VALUES (1, 'a'), (2, 'b'), (3, 'a'), (4, CAST(NULL AS STRING))) AS t (id, name);
SELECT p, r.y.z AS z, r.y.w[2] AS w, id FROM parts WHERE id < 4;

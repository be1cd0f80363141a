-- Numbers leave a bitmap with the last row that has them.
CREATE TABLE p (id INT, k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/event_changes.debezium', 'format' = 'debezium-json');
SELECT k, BITMAP_BUILD_AGG(MOD(v, 10)), BITMAP_BUILD_CARDINALITY_AGG(MOD(v, 10)), BITMAP_BUILD_AGG(DISTINCT v), BITMAP_BUILD_AGG(id) FILTER (WHERE v > 50) FROM p GROUP BY k;

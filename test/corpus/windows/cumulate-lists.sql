-- Lists of CUMULATE windows begin with the first pane.
-- compare: fold
CREATE TABLE e (id INT, k STRING, sub INT, v INT, price DOUBLE, ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND) WITH ('connector'='filesystem','path'='${DATA}/events.jsonl','format'='json');
SELECT window_end, k, LISTAGG(CAST(id AS STRING), '-') AS ids, ARRAY_AGG(v) AS vs FROM CUMULATE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '4' MINUTE) GROUP BY k, window_start, window_end;

-- A stream that does not end: five rows a second until Ctrl-C.
CREATE TABLE input_table (
  id INT,
  data STRING
) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '5'
);

SELECT id, UPPER(data) AS upper_data FROM input_table;

package rheo.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.RowType;

/** Writes every change to one file, a line each, as {@code rheo run --format changelog} prints it: {@code +I[1, a, null]}. */
public final class ChangesTableFactory implements DynamicTableSinkFactory {
  private static final ConfigOption<String> PATH = ConfigOptions.key("path").stringType().noDefaultValue();

  @Override
  public String factoryIdentifier() {
    return "changes";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(PATH);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    RowType type = (RowType) context.getPhysicalRowDataType().getLogicalType();
    return new ChangesTable(helper.getOptions().get(PATH), type);
  }

  private static final class ChangesTable implements DynamicTableSink {
    private final String path;
    private final RowType type;

    ChangesTable(String path, RowType type) {
      this.path = path;
      this.type = type;
    }

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
      return requested;
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
      return SinkV2Provider.of(new Changes(path, type));
    }

    @Override
    public DynamicTableSink copy() {
      return new ChangesTable(path, type);
    }

    @Override
    public String asSummaryString() {
      return "changes";
    }
  }

  private static final class Changes implements Sink<RowData> {
    private static final long serialVersionUID = 1L;
    private final String path;
    private final RowType type;

    Changes(String path, RowType type) {
      this.path = path;
      this.type = type;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) throws IOException {
      return new ChangesWriter(new BufferedOutputStream(Files.newOutputStream(Path.of(path)), 1 << 16), type);
    }
  }

  private static final class ChangesWriter implements SinkWriter<RowData> {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMA = ", ".getBytes(StandardCharsets.US_ASCII);
    private final OutputStream out;
    private final RowData.FieldGetter[] fields;

    ChangesWriter(OutputStream out, RowType type) {
      this.out = out;
      fields = new RowData.FieldGetter[type.getFieldCount()];
      for (int i = 0; i < fields.length; i++) fields[i] = RowData.createFieldGetter(type.getTypeAt(i), i);
    }

    @Override
    public void write(RowData row, Context context) throws IOException {
      out.write(row.getRowKind().shortString().getBytes(StandardCharsets.US_ASCII));
      out.write('[');
      for (int i = 0; i < fields.length; i++) {
        if (i > 0) out.write(COMMA);
        Object value = fields[i].getFieldOrNull(row);
        if (value == null) out.write(NULL);
        else if (value instanceof StringData text) out.write(text.toBytes());
        else out.write(text(value).getBytes(StandardCharsets.US_ASCII));
      }
      out.write(']');
      out.write('\n');
    }

    /** Numbers as Java writes them; a timestamp has a blank for the T, and a digit for each of its milliseconds. */
    private static String text(Object value) {
      if (!(value instanceof TimestampData time)) return value.toString();
      String date = time.toLocalDateTime().toLocalDate().toString();
      long millisOfDay = Math.floorMod(time.getMillisecond(), 86_400_000L);
      long seconds = millisOfDay / 1000;
      return String.format("%s %02d:%02d:%02d.%03d", date, seconds / 3600, seconds / 60 % 60, seconds % 60, millisOfDay % 1000);
    }

    @Override
    public void flush(boolean isEnd) throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}

package io.millrace.usageaggregator.usage;

import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/**
 * Cells as bytes.
 *
 * <pre>
 *   key    tenant 0x00 width start:8 batch:1 (length:2 text)×8
 *   value  version:1 sum:8 ×8
 * </pre>
 *
 * <p>Keys sort by tenant, width and time, so that a tenant's buckets of a span lie side by side. A
 * tenant's name has no zero byte, so no name is the beginning of another one's keys.
 */
final class CellBytes {

    private static final byte VERSION = 1;
    private static final byte END_OF_TENANT = 0;
    private static final byte AFTER_TENANT = 1;
    private static final int VALUE_BYTES = 1 + 8 * Long.BYTES;

    private CellBytes() {}

    static Bytes key(Width width, Instant start, Facets facets) {
        List<byte[]> texts =
                List.of(
                        utf8(facets.keyId()),
                        utf8(facets.project()),
                        utf8(facets.model()),
                        utf8(facets.provider()),
                        utf8(facets.target()),
                        utf8(facets.endpoint()),
                        utf8(facets.tier()),
                        utf8(facets.status()));
        int length = texts.stream().mapToInt(text -> Short.BYTES + text.length).sum();
        byte[] tenant = utf8(facets.tenant().value());
        ByteBuffer key = ByteBuffer.allocate(tenant.length + 2 + Long.BYTES + 1 + length);
        bucket(key, tenant, width, start).put((byte) (facets.batch() ? 1 : 0));
        texts.forEach(text -> key.putShort((short) text.length).put(text));
        return Bytes.wrap(key.array());
    }

    /** The lowest key that a cell of that bucket can have. */
    static Bytes lowest(TenantId tenant, Width width, Instant start) {
        byte[] name = utf8(tenant.value());
        ByteBuffer key = ByteBuffer.allocate(name.length + 2 + Long.BYTES);
        return Bytes.wrap(bucket(key, name, width, start).array());
    }

    /** A key above those of the tenant and below those of every tenant that sorts after it. */
    static Bytes above(TenantId tenant) {
        byte[] name = utf8(tenant.value());
        return Bytes.wrap(ByteBuffer.allocate(name.length + 1).put(name).put(AFTER_TENANT).array());
    }

    static TenantId tenant(Bytes key) {
        byte[] bytes = key.get();
        int end = 0;
        while (bytes[end] != END_OF_TENANT) {
            end++;
        }
        return new TenantId(new String(bytes, 0, end, StandardCharsets.UTF_8));
    }

    static Cell cell(Bytes key, byte[] value) {
        TenantId tenant = tenant(key);
        ByteBuffer rest = ByteBuffer.wrap(key.get());
        rest.position(tenant.value().length() + 1);
        Width width = Width.marked(rest.get());
        Instant start = Instant.ofEpochSecond(rest.getLong());
        boolean batch = rest.get() != 0;
        Facets facets =
                new Facets(
                        tenant,
                        text(rest),
                        text(rest),
                        text(rest),
                        text(rest),
                        text(rest),
                        text(rest),
                        text(rest),
                        batch,
                        text(rest));
        return new Cell(width, start, facets, totals(value));
    }

    static byte[] value(Totals totals) {
        return ByteBuffer.allocate(VALUE_BYTES)
                .put(VERSION)
                .putLong(totals.requests())
                .putLong(totals.inputTokens())
                .putLong(totals.outputTokens())
                .putLong(totals.cachedTokens())
                .putLong(totals.reasoningTokens())
                .putLong(totals.cost().amount())
                .putLong(totals.attempts())
                .putLong(totals.estimated())
                .array();
    }

    static Totals totals(byte[] value) {
        ByteBuffer rest = ByteBuffer.wrap(value);
        byte version = rest.get();
        if (version != VERSION) {
            throw new IllegalStateException(
                    "the cube holds cells of version %d; this program knows %d"
                            .formatted(version, VERSION));
        }
        return new Totals(
                rest.getLong(),
                rest.getLong(),
                rest.getLong(),
                rest.getLong(),
                rest.getLong(),
                new NanoDollars(rest.getLong()),
                rest.getLong(),
                rest.getLong());
    }

    private static ByteBuffer bucket(ByteBuffer key, byte[] tenant, Width width, Instant start) {
        return key.put(tenant).put(END_OF_TENANT).put(width.mark()).putLong(start.getEpochSecond());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ByteBuffer from) {
        byte[] text = new byte[Short.toUnsignedInt(from.getShort())];
        from.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}

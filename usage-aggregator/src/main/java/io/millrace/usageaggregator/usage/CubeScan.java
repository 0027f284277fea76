package io.millrace.usageaggregator.usage;

import io.millrace.schemas.id.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Walks over the cells of one store.
 *
 * <p>A span over all tenants jumps from tenant to tenant: two seeks for each, and no cell outside
 * the span is read.
 */
final class CubeScan {

    // above the one key that is no cell
    private static final Bytes LOWEST = Bytes.wrap(new byte[] {1});
    // above every first byte that a tenant's name may have
    private static final Bytes HIGHEST = Bytes.wrap(new byte[] {(byte) 0xFF});

    private final ReadOnlyKeyValueStore<Bytes, byte[]> store;

    CubeScan(ReadOnlyKeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    void cells(Scope scope, Span span, Consumer<Cell> visitor) {
        entries(scope, span, entry -> visitor.accept(CellBytes.cell(entry.key, entry.value)));
    }

    void keys(Scope scope, Span span, Consumer<Bytes> visitor) {
        entries(scope, span, entry -> visitor.accept(entry.key));
    }

    private void entries(Scope scope, Span span, Consumer<KeyValue<Bytes, byte[]>> visitor) {
        switch (scope) {
            case Scope.Only(TenantId tenant) -> entriesOf(tenant, span, visitor);
            case Scope.Everyone() -> {
                Optional<TenantId> tenant = firstTenant(LOWEST);
                while (tenant.isPresent()) {
                    entriesOf(tenant.get(), span, visitor);
                    tenant = firstTenant(CellBytes.above(tenant.get()));
                }
            }
        }
    }

    private void entriesOf(TenantId tenant, Span span, Consumer<KeyValue<Bytes, byte[]>> visitor) {
        Instant beyond = span.until();
        try (KeyValueIterator<Bytes, byte[]> found =
                store.range(
                        CellBytes.lowest(tenant, span.width(), span.from()),
                        // inclusive, but no cell has so short a key
                        CellBytes.lowest(tenant, span.width(), beyond))) {
            found.forEachRemaining(visitor);
        }
    }

    private Optional<TenantId> firstTenant(Bytes from) {
        try (KeyValueIterator<Bytes, byte[]> found = store.range(from, HIGHEST)) {
            return found.hasNext()
                    ? Optional.of(CellBytes.tenant(found.peekNextKey()))
                    : Optional.empty();
        }
    }
}

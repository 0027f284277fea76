package io.millrace.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InboxJobIdsTest {

    private static final TenantId ACME = new TenantId("acme");

    private final InboxJobIds ids = new InboxJobIds(new Slots(8));

    @Test
    void recordHasOneIdWhoeverReadsIt() {
        assertThat(ids.at("inbox.acme", 0, 17)).isEqualTo(ids.at("inbox.acme", 0, 17));
        assertThat(ids.keyed(ACME, "k")).isEqualTo(ids.keyed(ACME, "k"));
    }

    @Test
    void differentRecordsAndKeysHaveDifferentIdsAllOverTheView() {
        // Given
        Set<JobId> found = new HashSet<>();
        Set<Integer> partitions = new HashSet<>();

        // When
        for (int i = 0; i < 500; i++) {
            found.add(ids.at("inbox.acme", 0, i));
            found.add(ids.at("inbox.acme", 1, i));
            found.add(ids.at("inbox.umbra", 0, i));
            found.add(ids.keyed(ACME, "" + i));
            found.add(ids.keyed(new TenantId("umbra"), "" + i));
        }
        found.forEach(id -> partitions.add(id.viewPartition().number()));

        // Then
        assertThat(found).hasSize(2_500);
        assertThat(partitions).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
    }
}

package io.millrace.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.millrace.schemas.id.TenantId;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantTopicsTest {

    private static final TenantId ACME = new TenantId("acme");

    @Test
    void topicsAreNamedAfterTheirTenant() {
        assertThat(TenantTopics.batchLane(ACME)).isEqualTo("lanes.acme.batch");
        assertThat(TenantTopics.waitLane(ACME)).isEqualTo("lanes.acme.wait");
        assertThat(TenantTopics.inbox(ACME)).isEqualTo("inbox.acme");
        assertThat(TenantTopics.results(ACME)).isEqualTo("results.acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "batch", "wait", "a-", "0"})
    void laneTellsItsTenant(String name) {
        TenantId tenant = new TenantId(name);

        assertThat(TenantTopics.tenantOfLane(TenantTopics.batchLane(tenant))).contains(tenant);
        assertThat(TenantTopics.tenantOfLane(TenantTopics.waitLane(tenant))).contains(tenant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "requests",
                "lanes.",
                "lanes.batch",
                "lanes..batch",
                "lanes.acme",
                "lanes.acme.other",
                "lanes.acme.batch.x",
                "lanes.Acme.batch",
                "lanes.a.b.wait",
                "xlanes.acme.batch",
                "inbox.acme",
                "results.acme"
            })
    void otherTopicsAreNoLanes(String topic) {
        assertThat(TenantTopics.tenantOfLane(topic)).isEmpty();
    }

    @Test
    void kafkaTakesTheNameOfTheLongestTenant() {
        TenantId longest = new TenantId("a".repeat(63));

        assertThatNoException().isThrownBy(() -> Topic.validate(TenantTopics.batchLane(longest)));
    }

    @Test
    void inboxTellsItsTenantAndNothingElseDoes() {
        assertThat(TenantTopics.tenantOfInbox("inbox.acme")).contains(ACME);
        assertThat(TenantTopics.tenantOfInbox("inbox.")).isEmpty();
        assertThat(TenantTopics.tenantOfInbox("inbox.Acme")).isEmpty();
        assertThat(TenantTopics.tenantOfInbox("inbox.acme.batch")).isEmpty();
        assertThat(TenantTopics.tenantOfInbox("results.acme")).isEmpty();
        assertThat(TenantTopics.tenantOfInbox(TenantTopics.batchLane(ACME))).isEmpty();
        assertThat(TenantTopics.tenantOfLane(TenantTopics.inbox(ACME))).isEmpty();
    }

    @Test
    void inboxTakesRecordsOfOneMebibyteAtTheBrokersTime() {
        assertThat(TenantTopics.inboxSettings())
                .containsEntry("max.message.bytes", "1048588")
                .containsEntry("message.timestamp.type", "LogAppendTime")
                .containsEntry("compression.type", "uncompressed")
                .containsEntry("retention.ms", "-1");
    }
}

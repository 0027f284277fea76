package io.millrace.dispatcher.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.id.TenantId;
import org.junit.jupiter.api.Test;

class DoorRightsTest {

    private static final TenantId ACME = new TenantId("acme");

    @Test
    void tenantWritesItsInboxReadsItsResultsAndNothingElse() {
        assertThat(DoorRights.of(ACME, "User:a", true))
                .extracting(acl ->
                        "%s %s %s %s"
                                .formatted(
                                        acl.entry().principal(),
                                        acl.entry().operation(),
                                        acl.pattern().patternType(),
                                        acl.pattern().name()))
                .containsExactlyInAnyOrder(
                        "User:a WRITE LITERAL inbox.acme",
                        "User:a DESCRIBE LITERAL inbox.acme",
                        "User:a READ LITERAL results.acme",
                        "User:a DESCRIBE LITERAL results.acme",
                        "User:a READ PREFIXED acme.");
    }

    @Test
    void rightsOfResultsGoWithTheResults() {
        assertThat(DoorRights.of(ACME, "User:a", false))
                .allMatch(acl -> acl.pattern().name().equals("inbox.acme"));
    }

    @Test
    void rightsThatAreLookedThroughAreThoseOnTheTenantsOwnAlone() {
        assertThat(DoorRights.resources(ACME))
                .extracting(filter -> filter.patternFilter().name())
                .containsExactly("inbox.acme", "results.acme", "acme.");
    }
}

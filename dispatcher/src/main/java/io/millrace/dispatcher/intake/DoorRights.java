package io.millrace.dispatcher.intake;

import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.TenantTopics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a tenant may do in Kafka: write its inbox, read its results, in groups whose names begin
 * with its own name and a dot. Nothing else: all that is ours is refused to it by the authorizer.
 */
final class DoorRights {

    private DoorRights() {}

    static Set<AclBinding> of(TenantId tenant, String principal, boolean results) {
        Set<AclBinding> rights = new LinkedHashSet<>();
        ResourcePattern inbox = topic(TenantTopics.inbox(tenant));
        rights.add(allow(inbox, principal, AclOperation.WRITE));
        rights.add(allow(inbox, principal, AclOperation.DESCRIBE));
        if (results) {
            ResourcePattern answers = topic(TenantTopics.results(tenant));
            rights.add(allow(answers, principal, AclOperation.READ));
            rights.add(allow(answers, principal, AclOperation.DESCRIBE));
            rights.add(allow(groups(tenant), principal, AclOperation.READ));
        }
        return rights;
    }

    /** Returns filters of all rights, anybody's, on what belongs to that tenant. */
    static List<AclBindingFilter> resources(TenantId tenant) {
        return List.of(
                any(topic(TenantTopics.inbox(tenant))),
                any(topic(TenantTopics.results(tenant))),
                any(groups(tenant)));
    }

    private static ResourcePattern topic(String name) {
        return new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL);
    }

    // a dot is in no tenant's name, so that the groups of acme are none of acme-2
    private static ResourcePattern groups(TenantId tenant) {
        return new ResourcePattern(ResourceType.GROUP, tenant.value() + ".", PatternType.PREFIXED);
    }

    private static AclBinding allow(
            ResourcePattern resource, String principal, AclOperation operation) {
        return new AclBinding(
                resource,
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }

    private static AclBindingFilter any(ResourcePattern resource) {
        return new AclBindingFilter(
                new ResourcePatternFilter(
                        resource.resourceType(), resource.name(), resource.patternType()),
                new AccessControlEntryFilter(null, null, AclOperation.ANY, AclPermissionType.ANY));
    }
}

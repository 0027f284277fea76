package io.millrace.standalone.assembly;

import io.millrace.dispatcher.DispatcherConfig;
import io.millrace.dispatcher.DispatcherMeters;
import io.millrace.dispatcher.DispatcherService;
import io.millrace.ingress.AuthConfig;
import io.millrace.ingress.IngressConfig;
import io.millrace.ingress.IngressMeters;
import io.millrace.ingress.IngressService;
import io.millrace.ingress.control.BootKeys;
import io.millrace.ingress.control.ControlConfig;
import io.millrace.ingress.webhook.WebhooksConfig;
import io.millrace.servicekit.admin.MeterDoc;
import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.kafka.KafkaConfig;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import io.millrace.usageaggregator.UsageAggregatorConfig;
import io.millrace.usageaggregator.UsageAggregatorMeters;
import io.millrace.usageaggregator.UsageAggregatorService;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The three services as they are: the only class that names them. */
public final class Services implements ServiceCatalog {

    private final BootKeys keys;

    private Services(BootKeys keys) {
        this.keys = keys;
    }

    /** Services that know only what the file says. */
    public static Services configuredOnly() {
        return new Services(BootKeys.NONE);
    }

    /** Services of a deployment whose first keys are those. */
    public static Services bootedWith(BootSecrets secrets) {
        return new Services(
                new BootKeys(
                        List.of(
                                BootKeys.Key.ofOperator("operator", secrets.operatorKey()),
                                BootKeys.Key.ofTenant("default", "default", secrets.tenantKey()))));
    }

    @Override
    public RunningService start(ServiceKind kind, ServiceEnvironment environment) {
        return switch (kind) {
            case INGRESS -> {
                IngressService ingress = IngressService.start(environment, keys);
                yield new RunningService(kind, OptionalInt.of(ingress.port()), ingress);
            }
            case DISPATCHER ->
                    new RunningService(
                            kind, OptionalInt.empty(), DispatcherService.start(environment));
            case USAGE_AGGREGATOR -> {
                UsageAggregatorService aggregator = UsageAggregatorService.start(environment);
                yield new RunningService(kind, OptionalInt.of(aggregator.port()), aggregator);
            }
        };
    }

    @Override
    public Section checked(Section root) {
        RootKeys.checked(root);
        SharedConfig.check(root);
        ReservedConfig.check(root);
        IngressConfig.from(root.section("ingress"));
        AuthConfig.from(root.section("auth"));
        WebhooksConfig.from(root.section("webhooks"));
        ControlConfig.from(root);
        DispatcherConfig.from(root.section("dispatcher"));
        UsageAggregatorConfig.from(root.section("usage-aggregator"));
        return root;
    }

    /** Returns how the listener of a service is spoken to: {@code http} or {@code https}. */
    public static String scheme(ServiceKind kind, Section root) {
        return kind == ServiceKind.INGRESS
                ? IngressConfig.from(root.section("ingress")).scheme()
                : "http";
    }

    /** The sections of the file, for the reference page. */
    static List<Reference> references() {
        List<Reference> sections = new ArrayList<>();
        sections.add(KafkaConfig.REFERENCE);
        sections.addAll(
                List.of(
                        IngressConfig.REFERENCE,
                        IngressConfig.Limits.REFERENCE,
                        IngressConfig.CORS_PAGE,
                        IngressConfig.Tls.REFERENCE,
                        AuthConfig.REFERENCE,
                        AuthConfig.Issuer.REFERENCE,
                        WebhooksConfig.REFERENCE,
                        DispatcherConfig.REFERENCE,
                        UsageAggregatorConfig.REFERENCE,
                        SharedConfig.BLOBS_REFERENCE));
        sections.addAll(ControlConfig.REFERENCES);
        sections.addAll(ReservedConfig.REFERENCES);
        return sections;
    }

    /** The meters of each service, for the reference page. */
    static Map<ServiceKind, List<MeterDoc>> meters() {
        Map<ServiceKind, List<MeterDoc>> meters = new EnumMap<>(ServiceKind.class);
        meters.put(ServiceKind.INGRESS, IngressMeters.docs());
        meters.put(ServiceKind.DISPATCHER, DispatcherMeters.ALL);
        meters.put(ServiceKind.USAGE_AGGREGATOR, UsageAggregatorMeters.ALL);
        return meters;
    }
}

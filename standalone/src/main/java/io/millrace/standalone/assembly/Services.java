package io.millrace.standalone.assembly;

import io.millrace.dispatcher.DispatcherConfig;
import io.millrace.dispatcher.DispatcherMeters;
import io.millrace.dispatcher.DispatcherService;
import io.millrace.servicekit.admin.MeterDoc;
import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.kafka.KafkaConfig;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The three services as they are: the only class that names them. */
public final class Services implements ServiceCatalog {

    private final Optional<BootSecrets> secrets;

    private Services(Optional<BootSecrets> secrets) {
        this.secrets = secrets;
    }

    /** Services that know only what the file says. */
    public static Services configuredOnly() {
        return new Services(Optional.empty());
    }

    /** Services of a deployment whose first keys are those. */
    public static Services bootedWith(BootSecrets secrets) {
        return new Services(Optional.of(secrets));
    }

    @Override
    public RunningService start(ServiceKind kind, ServiceEnvironment environment) {
        if (kind == ServiceKind.DISPATCHER) {
            return new RunningService(
                    kind, OptionalInt.empty(), DispatcherService.start(environment));
        }
        throw new UnsupportedOperationException(kind + " " + secrets);
    }

    @Override
    public Section checked(Section root) {
        return RootKeys.checked(root);
    }

    /** The sections of the file, for the reference page. */
    static List<Reference> references() {
        return List.of(
                KafkaConfig.REFERENCE, SharedConfig.BLOBS_REFERENCE, DispatcherConfig.REFERENCE);
    }

    /** The meters of each service, for the reference page. */
    static Map<ServiceKind, List<MeterDoc>> meters() {
        return new EnumMap<>(Map.of(ServiceKind.DISPATCHER, DispatcherMeters.ALL));
    }
}

package io.millrace.standalone.assembly;

import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import java.util.Optional;

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
        throw new UnsupportedOperationException(kind + " " + secrets);
    }

    @Override
    public Section checked(Section root) {
        return RootKeys.checked(root);
    }
}

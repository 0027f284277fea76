package io.millrace.standalone.assembly;

import io.millrace.servicekit.lifecycle.ServiceEnvironment;

/** Starts services in this process. */
@FunctionalInterface
public interface ServiceStarter {

    /** Returns once the service has started; its health tells when it is ready. */
    RunningService start(ServiceKind kind, ServiceEnvironment environment);
}

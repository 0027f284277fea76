package io.millrace.ingress.jobs;

import io.millrace.schemas.id.ViewPartition;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/** Who holds which partition of the view, as far as this process knows. */
interface ViewOwners {

    /** Returns the address of the other ingress that holds a partition, or none at the moment. */
    Optional<HostInfo> owner(ViewPartition partition);

    /** Returns the addresses of all other ingresses that hold any. */
    List<HostInfo> others();
}

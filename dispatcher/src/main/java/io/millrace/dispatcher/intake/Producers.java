package io.millrace.dispatcher.intake;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** The transactional producers of all dispatchers, as the cluster knows them. */
interface Producers {

    /** Returns the transactional ids that have a transaction open. */
    List<String> ongoing() throws ExecutionException, InterruptedException;

    /** Returns the transactional ids of the group's members; the caller may change the set. */
    Set<String> alive() throws ExecutionException, InterruptedException;

    /** Ends what the producers have open; they can write nothing from then on. */
    void fence(Collection<String> transactionalIds) throws ExecutionException, InterruptedException;
}

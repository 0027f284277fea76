package io.millrace.dispatcher.intake;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;

/** The producers of a cluster's dispatchers, asked for and fenced by its admin client. */
record ClusterProducers(Admin admin, String group, String transactionalPrefix)
        implements Producers {

    @Override
    public List<String> ongoing() throws ExecutionException, InterruptedException {
        ListTransactionsOptions ours =
                new ListTransactionsOptions()
                        .filterStates(List.of(TransactionState.ONGOING))
                        .filterOnTransactionalIdPattern(Pattern.quote(transactionalPrefix) + ".*");
        return admin.listTransactions(ours).all().get().stream()
                .map(TransactionListing::transactionalId)
                .toList();
    }

    @Override
    public Set<String> alive() throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                .flatMap(described -> described.members().stream())
                .map(member -> member.groupInstanceId().orElse(member.clientId()))
                .map(name -> transactionalPrefix + name)
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Override
    public void fence(Collection<String> transactionalIds)
            throws ExecutionException, InterruptedException {
        admin.fenceProducers(transactionalIds).all().get();
    }
}

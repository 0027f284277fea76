package io.millrace.dispatcher.simulation;

import io.millrace.dispatcher.simulation.Kernel.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The played group of dispatchers: static members, generations, cooperative moves, expulsion. */
final class Group {

    private static final long SESSION = Duration.ofSeconds(6).toNanos();

    /** A member. */
    record Member(String id, String instance, Host host) {}

    private final Kernel kernel;
    private final int slots;
    private final Map<String, Member> members = new TreeMap<>();
    private final Map<Integer, String> owners = new TreeMap<>();
    private final Map<Integer, String> desired = new TreeMap<>();
    private int generation;
    private int ids;

    Group(Kernel kernel, int slots) {
        this.kernel = kernel;
        this.slots = slots;
    }

    int generation() {
        return generation;
    }

    boolean has(String member) {
        return members.containsKey(member);
    }

    Set<String> ids() {
        return new TreeSet<>(members.keySet());
    }

    Collection<Member> members() {
        return members.values();
    }

    /** Returns who has taken the slot over last, in the group's eyes. */
    Optional<String> owner(int slot) {
        return Optional.ofNullable(owners.get(slot));
    }

    Member join(String instance, Host host) {
        Member joined = new Member(instance + "#" + ++ids, instance, host);
        Optional<Member> former =
                members.values().stream()
                        .filter(each -> each.instance().equals(instance))
                        .findFirst();
        members.put(joined.id(), joined);
        if (former.isPresent()) {
            String old = former.get().id();
            members.remove(old);
            owners.values().removeIf(old::equals);
            desired.replaceAll((_, member) -> member.equals(old) ? joined.id() : member);
            kernel.trace(joined.id() + " takes the place of " + old);
        } else {
            kernel.trace(joined.id() + " joins");
            rebalance();
        }
        return joined;
    }

    void leave(String member) {
        if (members.remove(member) != null) {
            kernel.trace(member + " leaves the group");
            owners.values().removeIf(member::equals);
            rebalance();
        }
    }

    /** Expels who has been silent for too long. */
    void expelTheSilent() {
        for (Member each : List.copyOf(members.values())) {
            boolean silent = each.host().isDead() || kernel.isPaused(each.host());
            if (silent && kernel.nanos() - silentSince(each.host()) > SESSION) {
                kernel.trace(each.id() + " is expelled");
                leave(each.id());
            }
        }
    }

    private final Map<Host, Long> died = new HashMap<>();

    void died(Host host) {
        died.put(host, kernel.nanos());
    }

    private long silentSince(Host host) {
        return host.isDead()
                ? Optional.ofNullable(died.get(host)).orElse(0L)
                : kernel.pausedSince(host);
    }

    /** Gives one slot to another member. */
    void moveOne() {
        if (members.size() > 1) {
            int slot = kernel.random.nextInt(slots);
            List<String> others = new ArrayList<>(members.keySet());
            String to = others.get(kernel.random.nextInt(others.size()));
            kernel.trace("slot " + slot + " is to move to " + to);
            desired.put(slot, to);
            generation++;
        }
    }

    Set<Integer> toRevoke(String member, Set<Integer> assigned) {
        Set<Integer> lost = new TreeSet<>(assigned);
        lost.removeIf(slot -> member.equals(desired.get(slot)));
        return lost;
    }

    void revoked(String member, Set<Integer> given) {
        given.forEach(slot -> owners.remove(slot, member));
    }

    Set<Integer> toAssign(String member, Set<Integer> assigned) {
        Set<Integer> free = new TreeSet<>();
        desired.forEach((slot, to) -> {
            if (to.equals(member) && !owners.containsKey(slot) && !assigned.contains(slot)) {
                free.add(slot);
            }
        });
        free.forEach(slot -> owners.put(slot, member));
        return free;
    }

    private void rebalance() {
        generation++;
        if (members.isEmpty()) {
            desired.clear();
            return;
        }
        int most = (slots + members.size() - 1) / members.size();
        Map<String, Integer> load = new TreeMap<>();
        members.keySet().forEach(each -> load.put(each, 0));
        for (int slot = 0; slot < slots; slot++) {
            String now = desired.get(slot);
            if (now != null && load.containsKey(now) && load.getOrDefault(now, 0) < most) {
                load.merge(now, 1, Integer::sum);
            } else {
                desired.remove(slot);
            }
        }
        for (int slot = 0; slot < slots; slot++) {
            if (!desired.containsKey(slot)) {
                String least =
                        load.entrySet().stream()
                                .min(Map.Entry.comparingByValue())
                                .map(Map.Entry::getKey)
                                .orElseThrow();
                desired.put(slot, least);
                load.merge(least, 1, Integer::sum);
            }
        }
    }
}

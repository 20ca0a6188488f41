/* The commit protocol of docs/format/commit.md on one target: one job, a recovery after any
 * step, power losses included, and a bystander who recovers whenever the lock is free.
 *
 * Everything on disk is a pair: what programs see (v_) and what is sure to survive (d_). A
 * power loss keeps, of each pair, either side: what is not synced may or may not be there.
 *
 * MERGE picks the method: 0 swaps one tree for another in one step, 1 moves two new files in
 * and deletes two old ones, each on its own. BUG_* put one step wrong; each must be found.
 */
#ifndef MERGE
#define MERGE 0
#endif
#ifndef MAX_CRASHES
#define MAX_CRASHES 3
#endif

#define OLD 0
#define DECIDED 1
#define APPLIED 2

/* Data of the new files: not there, in part, whole. */
byte v_data = 0, d_data = 0;
bit v_record = 0, d_record = 0;
byte v_head = OLD, d_head = OLD;
/* For swapping, new0 means that the trees are swapped and old0 that the old tree exists. */
bit v_new0 = 0, d_new0 = 0, v_new1 = 0, d_new1 = 0;
bit v_old0 = 1, d_old0 = 1, v_old1 = 1, d_old1 = 1;

bit lock = 0;      /* held by a live process */
bit told_ok = 0;   /* the job has reported success */
bit damaged = 0;   /* a new file has vanished between decision and redo */
byte crashes = 0;

#if MERGE
#define NEW_IN_PLACE (v_new0 && v_new1)
#define OLD_IN_PLACE (v_old0 && v_old1)
#define NOTHING_NEW (!v_new0 && !v_new1)
#define NOTHING_OLD (!v_old0 && !v_old1)
#else
#define NEW_IN_PLACE (v_new0)
#define OLD_IN_PLACE (!v_new0 && v_old0)
#define NOTHING_NEW (!v_new0)
#define NOTHING_OLD (!v_old0)
#endif

/* What plain readers find is never less than the old or the new data set, whole. */
#define PLAIN_IS_WHOLE (OLD_IN_PLACE || (NEW_IN_PLACE && v_data == 2))
/* Our readers: HEAD says which one, and that one can be found whole. */
#define OWN_IS_WHOLE ((v_head == OLD && OLD_IN_PLACE) || (v_head != OLD && v_data == 2))

inline lose(v, d) {
  if
  :: v = d
  :: d = v
  fi
}

inline crash() {
  crashes++;
  if
  :: skip /* the process dies; the system writes the rest out in its own time */
  :: lose(v_data, d_data); lose(v_record, d_record); lose(v_head, d_head);
     lose(v_new0, d_new0); lose(v_new1, d_new1);
     lose(v_old0, d_old0); lose(v_old1, d_old1)
  fi;
  assert(damaged || (PLAIN_IS_WHOLE && OWN_IS_WHOLE));
  lock = 0
}

inline sync_data() { d_data = v_data }
inline sync_target() { d_new0 = v_new0; d_new1 = v_new1; d_old0 = v_old0; d_old1 = v_old1 }
inline sync_record() { d_record = v_record }
inline sync_head() { d_head = v_head }

/* A step, after which readers look and the process may die. */
#define STEP(action)                                            \
  atomic {                                                      \
    action;                                                     \
    assert(damaged || (PLAIN_IS_WHOLE && OWN_IS_WHOLE));        \
    if                                                          \
    :: crashes < MAX_CRASHES -> goto dead                       \
    :: skip                                                     \
    fi                                                          \
  }

#define APPLY                                         \
  STEP(v_new0 = 1);                                   \
  STEP(if :: MERGE -> v_new1 = 1 :: else fi);         \
  STEP(sync_target())

#define REMOVE_OLD                                    \
  STEP(v_old0 = 0);                                   \
  STEP(if :: MERGE -> v_old1 = 0 :: else fi)

#define MARK_APPLIED                                  \
  STEP(v_head = APPLIED);                             \
  STEP(sync_head())

/* Under the lock. Ends with old or new, whole, and no record. */
inline recover_steps() {
#ifndef BUG_TRUSTS_UNSYNCED_HEAD
  STEP(sync_head());
#endif
  if
  :: v_head == DECIDED ->
       assert(v_record);
       if
       :: !damaged -> damaged = 1; v_data = 1; d_data = 1
       :: skip
       fi;
       if
       :: v_data == 2 ->
            APPLY;
#ifdef BUG_RECOVERY_REMOVES_EARLY
            REMOVE_OLD;
#endif
            MARK_APPLIED;
            REMOVE_OLD
       :: else -> /* damaged: take it back */
            STEP(v_new0 = 0);
            STEP(v_new1 = 0);
            STEP(sync_target());
            STEP(v_head = OLD);
            STEP(sync_head());
            STEP(v_data = 0)
       fi
  :: v_head == APPLIED && v_record -> REMOVE_OLD
  :: v_head == APPLIED && !v_record -> skip
  :: v_head == OLD -> STEP(v_data = 0)
  fi;
#ifdef BUG_UNSYNCED_REMOVAL
  skip;
#else
  STEP(sync_target());
#endif
  STEP(v_record = 0);
  STEP(sync_record());
  atomic {
    assert((OLD_IN_PLACE && NOTHING_NEW && v_head == OLD) ||
           (NEW_IN_PLACE && NOTHING_OLD && v_head == APPLIED && v_data == 2));
    assert(!told_ok || v_head == APPLIED)
  }
}

active proctype Job() {
  atomic { lock == 0 -> lock = 1 };
  if
  :: v_head != OLD -> goto done /* crashed and healed: not this job any more */
  :: else
  fi;
  STEP(v_data = 1);
  STEP(v_data = 2);
#ifndef BUG_NO_DATA_SYNC
  STEP(sync_data());
#endif
#ifdef BUG_HEAD_BEFORE_RECORD
  STEP(v_head = DECIDED);
  STEP(sync_head());
  STEP(v_record = 1);
  STEP(sync_record());
#else
  STEP(v_record = 1);
#ifndef BUG_NO_RECORD_SYNC
  STEP(sync_record());
#endif
  STEP(v_head = DECIDED);
  STEP(sync_head());
#endif
#ifdef BUG_OLD_GOES_FIRST
  REMOVE_OLD;
#endif
  APPLY;
#ifdef BUG_REMOVE_BEFORE_APPLIED
  REMOVE_OLD;
#endif
  MARK_APPLIED;
  told_ok = 1;
  REMOVE_OLD;
#ifndef BUG_UNSYNCED_REMOVAL
  STEP(sync_target());
#endif
  STEP(v_record = 0);
  goto done;
done:
  lock = 0;
  goto ended;
dead:
  atomic { crash() };
  atomic { lock == 0 -> lock = 1 };
  recover_steps();
  lock = 0;
ended:
  skip
}

active proctype Bystander() {
  do
  :: crashes >= MAX_CRASHES -> break
  ::
#ifndef BUG_HEALS_A_LIVE_JOB
     atomic { lock == 0 -> lock = 1 };
#endif
     recover_steps();
     lock = 0;
     if
     :: false ->
dead:   atomic { crash() }
     :: else
     fi
  :: break
  od
}

/* A tape of what a program does to the disk below one folder: preloaded, it appends every change and every sync, with
 * its content, to a file, in the order in which they were done. `tape.rs` says what the events look like and plays them
 * back. What this cannot record it writes down as an event of its own ('X'), so that no tape is wrong in silence. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_bytes;
static int tape = -1;

__attribute__((constructor)) static void begin(void)
{
	const char *file = getenv("TAPE_FILE");
	root = getenv("TAPE_ROOT");
	if (!file || !root)
		return;
	root_bytes = strlen(root);
	tape = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
	if (tape < 0)
		abort();
}

static int below(const char *path)
{
	return tape >= 0 && strncmp(path, root, root_bytes) == 0 && (path[root_bytes] == '/' || !path[root_bytes]);
}

/* The path of an open file; whether it lies below the folder. */
static int path_of(int fd, char *path)
{
	char link[64];
	ssize_t length;

	if (tape < 0 || fd == tape)
		return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	length = readlink(link, path, PATH_MAX - 1);
	if (length <= 0)
		return 0;
	path[length] = 0;
	return below(path);
}

/* The path a name means in an open folder; whether it lies below ours. */
static int path_at(int folder, const char *name, char *path)
{
	if (tape < 0)
		return 0;
	if (name[0] == '/' || folder == AT_FDCWD) {
		snprintf(path, PATH_MAX, "%s", name);
		return below(path);
	}
	if (!path_of(folder, path) || strlen(path) + strlen(name) + 2 > PATH_MAX)
		return 0;
	strcat(path, "/");
	strcat(path, name);
	return 1;
}

static uint64_t number_of(int fd)
{
	struct stat status;
	return fstat(fd, &status) == 0 ? (uint64_t)status.st_ino : 0;
}

struct __attribute__((packed)) head {
	char what;
	uint16_t path_bytes, other_bytes;
	uint64_t file, place, data_bytes;
};

static void note(char what, uint64_t file, uint64_t place, const char *path, const char *other, const void *data,
		 size_t data_bytes)
{
	struct head head = { what, (uint16_t)strlen(path), (uint16_t)strlen(other), file, place, data_bytes };
	struct iovec parts[4] = {
		{ &head, sizeof head }, { (void *)path, head.path_bytes }, { (void *)other, head.other_bytes },
		{ (void *)data, data_bytes },
	};
	size_t all = sizeof head + head.path_bytes + head.other_bytes + data_bytes;

	if (syscall(SYS_writev, tape, parts, 4) != (ssize_t)all)
		abort();
}

static int open_noted(int folder, const char *name, int flags, mode_t mode)
{
	char path[PATH_MAX];
	struct stat status;
	int fd, ours = (flags & (O_CREAT | O_TRUNC)) && path_at(folder, name, path), existed, error;

	if (!ours)
		return (int)syscall(SYS_openat, folder, name, flags, mode);
	pthread_mutex_lock(&turn);
	existed = lstat(path, &status) == 0;
	fd = (int)syscall(SYS_openat, folder, name, flags, mode);
	error = errno;
	if (fd >= 0 && !existed)
		note('C', number_of(fd), 0, path, "", "", 0);
	else if (fd >= 0 && (flags & O_TRUNC))
		note('T', number_of(fd), 0, path, "", "", 0);
	pthread_mutex_unlock(&turn);
	errno = error;
	return fd;
}

#define MODE(flags, last)                                 \
	mode_t mode = 0;                                  \
	if ((flags) & (O_CREAT | O_TMPFILE)) {            \
		va_list more;                             \
		va_start(more, last);                     \
		mode = (mode_t)va_arg(more, unsigned int); \
		va_end(more);                             \
	}

int open(const char *path, int flags, ...)
{
	MODE(flags, flags)
	return open_noted(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	MODE(flags, flags)
	return open_noted(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
	MODE(flags, flags)
	return open_noted(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
	MODE(flags, flags)
	return open_noted(folder, path, flags, mode);
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t place)
{
	char path[PATH_MAX];
	ssize_t written;
	int error;

	if (!path_of(fd, path))
		return syscall(SYS_pwrite64, fd, data, bytes, place);
	pthread_mutex_lock(&turn);
	written = syscall(SYS_pwrite64, fd, data, bytes, place);
	error = errno;
	if (written > 0)
		note('W', number_of(fd), (uint64_t)place, path, "", data, (size_t)written);
	pthread_mutex_unlock(&turn);
	errno = error;
	return written;
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t place)
{
	return pwrite64(fd, data, bytes, place);
}

ssize_t write(int fd, const void *data, size_t bytes)
{
	char path[PATH_MAX];
	struct stat status;
	off64_t place;
	ssize_t written;
	int error;

	if (!path_of(fd, path))
		return syscall(SYS_write, fd, data, bytes);
	pthread_mutex_lock(&turn);
	place = lseek64(fd, 0, SEEK_CUR);
	if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &status) == 0)
		place = status.st_size;
	written = syscall(SYS_write, fd, data, bytes);
	error = errno;
	if (written > 0)
		note('W', number_of(fd), (uint64_t)place, path, "", data, (size_t)written);
	pthread_mutex_unlock(&turn);
	errno = error;
	return written;
}

/* Several pieces: as many as one write would have done. */
ssize_t writev(int fd, const struct iovec *parts, int count)
{
	char path[PATH_MAX];

	if (!path_of(fd, path))
		return syscall(SYS_writev, fd, parts, count);
	for (int part = 0; part < count; part++)
		if (parts[part].iov_len)
			return write(fd, parts[part].iov_base, parts[part].iov_len);
	return 0;
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t place)
{
	char path[PATH_MAX];

	if (!path_of(fd, path))
		return syscall(SYS_pwritev, fd, parts, count, place, 0);
	for (int part = 0; part < count; part++)
		if (parts[part].iov_len)
			return pwrite64(fd, parts[part].iov_base, parts[part].iov_len, place);
	return 0;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t place)
{
	return pwritev64(fd, parts, count, place);
}

int ftruncate64(int fd, off64_t bytes)
{
	char path[PATH_MAX];
	int done, error;

	if (!path_of(fd, path))
		return (int)syscall(SYS_ftruncate, fd, bytes);
	pthread_mutex_lock(&turn);
	done = (int)syscall(SYS_ftruncate, fd, bytes);
	error = errno;
	if (done == 0)
		note('T', number_of(fd), (uint64_t)bytes, path, "", "", 0);
	pthread_mutex_unlock(&turn);
	errno = error;
	return done;
}

int ftruncate(int fd, off_t bytes)
{
	return ftruncate64(fd, bytes);
}

/* A disk that takes its time (TAPE_SYNC_MS) shows what waits for it. */
static int sync_noted(long call, int fd)
{
	char path[PATH_MAX];
	struct stat status;
	const char *slow;
	int done, error;

	if (!path_of(fd, path))
		return (int)syscall(call, fd);
	pthread_mutex_lock(&turn);
	slow = getenv("TAPE_SYNC_MS");
	if (slow)
		usleep((useconds_t)atoi(slow) * 1000);
	done = (int)syscall(call, fd);
	error = errno;
	if (done == 0 && fstat(fd, &status) == 0)
		note(S_ISDIR(status.st_mode) ? 'D' : 'S', (uint64_t)status.st_ino, 0, path, "", "", 0);
	pthread_mutex_unlock(&turn);
	errno = error;
	return done;
}

int fsync(int fd)
{
	return sync_noted(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return sync_noted(SYS_fdatasync, fd);
}

static int rename_noted(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags)
{
	char from_path[PATH_MAX], to_path[PATH_MAX];
	int ours = path_at(from_folder, from, from_path) | path_at(to_folder, to, to_path), done, error;

	if (!ours)
		return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
	pthread_mutex_lock(&turn);
	done = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
	error = errno;
	if (done == 0)
		note(flags ? 'X' : 'N', 0, 0, from_path, to_path, "", 0);
	pthread_mutex_unlock(&turn);
	errno = error;
	return done;
}

int rename(const char *from, const char *to)
{
	return rename_noted(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	return rename_noted(from_folder, from, to_folder, to, 0);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags)
{
	return rename_noted(from_folder, from, to_folder, to, flags);
}

int unlinkat(int folder, const char *name, int flags)
{
	char path[PATH_MAX];
	int done, error;

	if (!path_at(folder, name, path))
		return (int)syscall(SYS_unlinkat, folder, name, flags);
	pthread_mutex_lock(&turn);
	done = (int)syscall(SYS_unlinkat, folder, name, flags);
	error = errno;
	if (done == 0)
		note('U', 0, 0, path, "", "", 0);
	pthread_mutex_unlock(&turn);
	errno = error;
	return done;
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int mkdirat(int folder, const char *name, mode_t mode)
{
	char path[PATH_MAX];
	int done, error;

	if (!path_at(folder, name, path))
		return (int)syscall(SYS_mkdirat, folder, name, mode);
	pthread_mutex_lock(&turn);
	done = (int)syscall(SYS_mkdirat, folder, name, mode);
	error = errno;
	if (done == 0)
		note('M', 0, 0, path, "", "", 0);
	pthread_mutex_unlock(&turn);
	errno = error;
	return done;
}

int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

/* What has not been needed yet, and would make the tape wrong. */
static void unknown(int fd)
{
	char path[PATH_MAX];
	if (path_of(fd, path))
		note('X', number_of(fd), 0, path, "", "", 0);
}

int fallocate64(int fd, int mode, off64_t place, off64_t bytes)
{
	unknown(fd);
	return (int)syscall(SYS_fallocate, fd, mode, place, bytes);
}

int posix_fallocate64(int fd, off64_t place, off64_t bytes)
{
	unknown(fd);
	return syscall(SYS_fallocate, fd, 0, place, bytes) == 0 ? 0 : errno;
}

ssize_t copy_file_range(int from, off64_t *from_place, int to, off64_t *to_place, size_t bytes, unsigned int flags)
{
	unknown(to);
	return syscall(SYS_copy_file_range, from, from_place, to, to_place, bytes, flags);
}

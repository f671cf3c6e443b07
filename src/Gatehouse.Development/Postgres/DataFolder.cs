using System.Security.Cryptography;
using static System.IO.UnixFileMode;

namespace Gatehouse.Development.Postgres;

/// <summary>
/// The folder that a development server keeps everything in: the lock, who holds it, the master key and PostgreSQL's files.
/// The lock is the kernel's (flock), so it ends with the process however that ends, and no stale lock is ever left.
/// </summary>
internal sealed class DataFolder(string path, TimeProvider timeProvider) : IDisposable
{
    private const UnixFileMode OwnerOnly = UserRead | UserWrite;
    private const int MasterKeyBytes = 32;

    // errno EWOULDBLOCK, which is what a lock held by somebody else looks like.
    private const int HeldElsewhere = 11;

    private FileStream? heldLock;

    public string FullPath { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    public string MasterKeyFile => Path.Combine(FullPath, "master.key");

    /// <summary>Whether the last opening failed because another process holds the folder.</summary>
    public bool IsHeldElsewhere { get; private set; }

    private string LockFile => Path.Combine(FullPath, "lock");

    private string HolderFile => Path.Combine(FullPath, "holder");

    /// <summary>Creates the folder when absent and takes its lock; <paramref name="address"/> is what a second opener is told.</summary>
    public async Task<StartupError?> OpenAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            IsHeldElsewhere = false;
            if (await PrepareAsync(cancellationToken) is { } error)
                return error;
            heldLock = Open(LockFile, FileMode.OpenOrCreate, FileShare.None);
            await File.WriteAllTextAsync(HolderFile, "", cancellationToken);
            File.SetUnixFileMode(HolderFile, OwnerOnly);
            var holder = new Holder(Environment.ProcessId, timeProvider.GetUtcNow(), address);
            await File.WriteAllTextAsync(HolderFile, holder.Format(), cancellationToken);
            return null;
        }
        catch (IOException held) when (heldLock is null && held.HResult == HeldElsewhere)
        {
            IsHeldElsewhere = true;
            return await InUseAsync(cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new StartupError(
                $"The data folder {FullPath} (--data) cannot be used: {refused.Message}",
                $"Run as its owner, or use another folder: make run DATA=/some/folder"
            );
        }
    }

    /// <summary>The development master key: made once at random, kept beside the data, readable by its owner only.</summary>
    /// <exception cref="InvalidDataException">The file is not such a key. It is never replaced: data may be sealed under the lost
    /// one.</exception>
    public byte[] ReadOrCreateMasterKey()
    {
        if (!File.Exists(MasterKeyFile))
        {
            // Written aside and renamed, so that a crash leaves a whole key or none.
            var unfinished = MasterKeyFile + ".new";
            using (var file = Open(unfinished, FileMode.Create, FileShare.None))
            {
                file.Write(
                    System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKeyBytes)) + "\n")
                );
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, MasterKeyFile);
        }

        var key = new byte[MasterKeyBytes];
        return Convert.TryFromBase64String(File.ReadAllText(MasterKeyFile).Trim(), key, out var length) && length == MasterKeyBytes
            ? key
            : throw new InvalidDataException(
                $"{MasterKeyFile} does not hold a master key (base64 of {MasterKeyBytes} bytes). Restore it from a copy; "
                    + "without it, the personal data in the folder cannot be decrypted."
            );
    }

    public void Dispose()
    {
        heldLock?.Dispose();
        heldLock = null;
    }

    private async Task<StartupError?> PrepareAsync(CancellationToken cancellationToken)
    {
        // Root runs PostgreSQL as another user, who must be able to pass through here to its own folder (but not to look around).
        var mode = UserRead | UserWrite | UserExecute | (Environment.IsPrivilegedProcess ? GroupExecute | OtherExecute : None);
        if (!Directory.Exists(FullPath))
            Directory.CreateDirectory(FullPath, mode);
        if (!File.Exists(LockFile) && Directory.EnumerateFileSystemEntries(FullPath).Any())
        {
            return new StartupError(
                $"{FullPath} contains other files and is not a data folder of Gatehouse.",
                "Use an empty or a new folder: make run DATA=/some/folder"
            );
        }

        // Anybody else but root is rejected by the mode change itself.
        if (
            Environment.IsPrivilegedProcess
            && await FileFacts.ReadAsync(FullPath, cancellationToken) is var facts
            && facts.Owner != Environment.UserName
        )
        {
            return PostgresErrors.ForeignOwner(FullPath, facts.Owner, Environment.UserName);
        }

        File.SetUnixFileMode(FullPath, mode);
        return null;
    }

    private async Task<StartupError> InUseAsync(CancellationToken cancellationToken)
    {
        var holder = File.Exists(HolderFile) ? Holder.Parse(await File.ReadAllTextAsync(HolderFile, cancellationToken)) : null;
        return new StartupError(
            $"The data folder {FullPath} is in use by {holder?.ToString() ?? "another process"}.",
            "Use that server, stop it, or start another one with its own folder: make run PORT=8081 DATA=/some/folder"
        );
    }

    private static FileStream Open(string file, FileMode mode, FileShare share) =>
        new(
            file,
            new FileStreamOptions
            {
                Mode = mode,
                Access = FileAccess.ReadWrite,
                Share = share,
                UnixCreateMode = OwnerOnly,
            }
        );
}

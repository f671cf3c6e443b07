using Gatehouse.Core.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Files;

/// <summary>
/// The files of users, wherever the settings keep them. Addresses are signed when they are read and never stored. A store that cannot be
/// asked is a <see cref="DependencyAwayException"/>.
/// </summary>
public sealed partial class FileStore
{
    internal const string Off = "none";

    private readonly IFileProvider? provider;
    private readonly FilesOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<FileStore> logger;

    public FileStore(FilesOptions options, IServiceProvider services, TimeProvider clock, ILogger<FileStore> logger)
    {
        (this.options, this.clock, this.logger) = (options, clock, logger);
        provider = options.Store == Off ? null : services.GetRequiredKeyedService<IFileProvider>(options.Store);
    }

    /// <summary>Whether the installation keeps files at all; nothing else may be called where it does not.</summary>
    public bool IsOn => provider is not null;

    private IFileProvider Provider => provider ?? throw new InvalidOperationException("This installation keeps no files.");

    /// <summary>Writes the whole file or nothing.</summary>
    public Task WriteAsync(FileKey key, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        AskAsync((store, limit) => store.WriteAsync(key, content, contentType, limit), cancellationToken);

    /// <summary>Null for no such file.</summary>
    public Task<Stream?> OpenAsync(FileKey key, CancellationToken cancellationToken) =>
        AskAsync((store, limit) => store.OpenAsync(key, limit), cancellationToken);

    /// <summary>In bytes; null for no such file.</summary>
    public Task<long?> FindSizeAsync(FileKey key, CancellationToken cancellationToken) =>
        AskAsync((store, limit) => store.FindSizeAsync(key, limit), cancellationToken);

    /// <summary>Removes one file, whatever its name; none is no failure.</summary>
    public Task RemoveAsync(Guid userId, Guid id, CancellationToken cancellationToken) =>
        AskAsync((store, limit) => store.RemoveAllAsync(FileKey.Of(userId, id), limit), cancellationToken);

    /// <summary>Removes all files of a user.</summary>
    public Task RemoveAllAsync(Guid userId, CancellationToken cancellationToken) =>
        AskAsync((store, limit) => store.RemoveAllAsync(FileKey.AllOf(userId), limit), cancellationToken);

    /// <summary>What of a user is in the store.</summary>
    public Task<IReadOnlyList<FileKey>> ListAsync(Guid userId, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<FileKey>>(
            async (store, limit) =>
            {
                var keys = new List<FileKey>();
                await foreach (var text in store.ListAsync(FileKey.AllOf(userId), limit))
                {
                    if (FileKey.Parse(text) is { } key)
                        keys.Add(key);
                }

                return keys;
            },
            cancellationToken
        );

    /// <summary>How the very file is sent, until then.</summary>
    public FileUpload SignUpload(FileKey key, string contentType, long size, DateTimeOffset expiresAt) =>
        Provider.SignUpload(key, contentType, size, expiresAt);

    /// <summary>When an address that is signed now expires.</summary>
    public DateTimeOffset NextExpiry() => clock.GetUtcNow().AddSeconds(options.AddressSeconds);

    public FileAddress AddressOf(FileKey key, string contentType)
    {
        if (options.PublicUrl is { } root)
            return new FileAddress(new Uri($"{root.AbsoluteUri.TrimEnd('/')}/{key}"), ExpiresAt: null);
        var expiresAt = NextExpiry();
        return new FileAddress(Provider.SignDownload(key, contentType, expiresAt), expiresAt);
    }

    private Task<bool> AskAsync(Func<IFileProvider, CancellationToken, Task> ask, CancellationToken cancellationToken) =>
        AskAsync(
            async (store, limit) =>
            {
                await ask(store, limit);
                return true;
            },
            cancellationToken
        );

    private async Task<T> AskAsync<T>(Func<IFileProvider, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var store = Provider;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await ask(store, ends.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = limit.IsCancellationRequested ? "no answer in time" : store.Describe(e);
            Log.Away(logger, options.Store, reason);
            throw new DependencyAwayException($"The file store cannot be asked: {reason}.", e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The file store {Store} cannot be asked: {Reason}")]
        public static partial void Away(ILogger logger, string store, string reason);
    }
}

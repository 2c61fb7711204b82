/** The built program. */
export declare const program: string;
export declare const owner: { email: string; password: string; token: string };

export declare function startArguments(port: number, folder: string): string[];

export declare function startServer(options?: {
  prefix?: string;
  host?: string | undefined;
  database?: string | undefined;
}): Promise<{ url: string; port: number; pid: number; stop: () => Promise<void> }>;

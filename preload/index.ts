import { contextBridge, ipcRenderer } from 'electron';
import { createDesktopBridge } from './bridge.ts';

contextBridge.exposeInMainWorld('studio', createDesktopBridge(ipcRenderer));
